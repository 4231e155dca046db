// Whoever chooses Run All before the kernel has started would see nothing run: JupyterLab 4 drops those cells without a
// word (jupyterlab/jupyterlab, issue 8490). With this in place of its cell executor they show [*] and wait for the kernel.
//
// JupyterLab loads an extension as a module-federation container: `init` is handed the modules that JupyterLab shares,
// `get` returns the plugin. A bundler usually writes that; for one small file it is as easily written by hand.
(() => {
  let shared;

  const load = async (name) => (await Object.values(shared[name])[0].get())();

  const starting = (session) => !session.isDisposed && session.kernelDisplayStatus === "initializing";

  const started = (session) => new Promise((resolve) => {
    const look = () => {
      if (starting(session)) return;
      session.statusChanged.disconnect(look);
      session.disposed.disconnect(look);
      resolve();
    };
    session.statusChanged.connect(look);
    session.disposed.connect(look);
    look();
  });

  const waitThen = (runCell) => async (options) => {
    const { cell, sessionContext: session } = options;
    if (cell.model.type === "code" && session && starting(session)) {
      cell.model.executionState = "running"; // shown as [*]
      await started(session);
    }
    return runCell(options);
  };

  const get = async () => {
    const { INotebookCellExecutor, runCell } = await load("@jupyterlab/notebook");
    const plugin = {
      id: "wait-for-kernel:cell-executor",
      description: "Runs a notebook's cells once its kernel has started.",
      autoStart: true,
      provides: INotebookCellExecutor,
      activate: () => Object.freeze({ runCell: waitThen(runCell) }),
    };
    return () => ({ __esModule: true, default: plugin });
  };

  const init = (scope) => {
    shared = scope;
  };

  (window._JUPYTERLAB ??= {})["wait-for-kernel"] = { init, get };
})();
