"""How colours look to different eyes: contrast (WCAG 2), colour-vision deficiency and the distance of two colours.

The matrices are those of full protanopia, deuteranopia and tritanopia of Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), on linear RGB.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

MACHADO_2009 = {
    "normal": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]])}

_TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                    [0.0193339, 0.1191920, 0.9503041]])
_WHITE = np.array([0.95047, 1.0, 1.08883])


def rgb(colour: str) -> np.ndarray:
    """Red, green and blue of "#rrggbb", 0 to 1, as they are stored."""
    return np.array([int(colour[i:i + 2], 16) for i in (1, 3, 5)]) / 255


def mixed(colour: str, ground: str, share: float) -> str:
    """What a colour that is so opaque looks like on a ground."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in share * rgb(colour) + (1 - share) * rgb(ground))


def linear(colour: str) -> np.ndarray:
    stored = rgb(colour)
    return np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    light, dark = sorted((float(linear(colour) @ _TO_XYZ[1]) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, eyes: str) -> np.ndarray:
    """CIELAB of the colour as those eyes see it."""
    seen = _TO_XYZ @ np.clip(MACHADO_2009[eyes] @ linear(colour), 0, 1) / _WHITE
    f = np.where(seen > 0.008856, np.cbrt(seen), 7.787 * seen + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colours: dict[str, str], eyes: str) -> tuple[float, str]:
    """The least distance (CIE76) of any two of the named colours, and which two they are."""
    return min((float(np.linalg.norm(lab(colours[a], eyes) - lab(colours[b], eyes))), f"{a} and {b}")
               for a, b in combinations(colours, 2))
