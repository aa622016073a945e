/**
 * The send times of each sender: a Poisson process per sender, seeded by the run's name, so that every reader can compute what to expect
 * from everyone. Open loop: the times don't depend on answers. Pure.
 */

export interface Load {
  readonly users: number;
  readonly rooms: number;
  /** Messages per second of all senders together. */
  readonly rate: number;
  readonly durationMs: number;
}

export const roomOf = (user: number, { rooms }: Load): number => user % rooms;

/** The users of one room. */
export const usersOf = (room: number, load: Load): number[] =>
  Array.from({ length: load.users }, (_, user) => user).filter((user) => roomOf(user, load) === room);

/** A seeded generator (mulberry32): the same seed gives the same numbers on any machine. */
const createRandom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** The FNV-1a hash. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value;
};

/** The send times of one user, in ms after the run's start, ascending. */
export const sendTimes = (run: string, user: number, { users, rate, durationMs }: Load): number[] => {
  const random = createRandom(hash(`${run} ${user}`));
  const meanGapMs = (users * 1_000) / rate;
  const times: number[] = [];
  for (let at = 0; ; ) {
    at -= Math.log(1 - random()) * meanGapMs;
    if (at >= durationMs) return times;
    times.push(Math.round(at));
  }
};
