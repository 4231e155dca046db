// Virtual time: what is to be done, what travels meanwhile, and what there is to tell.

export class Agenda {
  now = 0;
  agenda = []; // in order of time, and of entry at the same time
  legs = []; // what travels: { from, to, begin, end, kind }
  told = []; // what happened: [key, values]

  after(seconds, act) {
    const at = this.now + seconds;
    let place = this.agenda.length;
    while (place && this.agenda[place - 1].at > at) place -= 1;
    this.agenda.splice(place, 0, { at, act });
  }

  // Lives through everything up to `to`.
  advance(to) {
    while (this.agenda[0]?.at <= to) {
      const { at, act } = this.agenda.shift();
      this.now = at;
      act();
    }
    this.now = to;
    this.legs = this.legs.filter(({ end }) => end > to);
  }

  travel(from, to, kind, seconds, arrive) {
    this.legs.push({ from, to, kind, begin: this.now, end: this.now + seconds });
    this.after(seconds, arrive);
  }

  tell(key, values) {
    this.told.push([key, values]);
  }
}
