/** Decides which entry of a line runs next. Pure: no clock, no promises. */

export interface LineLimits {
  /** How many entries may run at once: in all, per group, per owner. A group or owner gets the same share of `capacity`. */
  readonly places: number;
  readonly placesPerGroup: number;
  readonly placesPerOwner: number;
  /** The largest sum of the weights of running entries. An entry that is heavier counts as `capacity`. */
  readonly capacity?: number;
  /** How many entries may wait: in all, per group, per owner. */
  readonly maxWaiting: number;
  readonly maxWaitingPerGroup: number;
  readonly maxWaitingPerOwner: number;
}

/** One piece of work, waiting or running. */
export interface Entry {
  readonly group: string;
  readonly owner: string;
  readonly weight: number;
}

/** The counts of one group or owner. Deleted with its last entry, so memory is bounded by the number of entries. */
interface Party {
  running: number;
  waiting: number;
  /** The sum of the weights of its running entries. */
  weight: number;
  /** The turn at which an entry of the party last started to run, as a running number. 0: none has run yet. */
  lastTurn: number;
}

export interface LineState<E extends Entry = Entry> {
  /** In order of arrival. */
  readonly waiting: E[];
  running: number;
  weight: number;
  turns: number;
  readonly parties: Map<string, Party>;
}

export const newLineState = <E extends Entry>(): LineState<E> => ({
  waiting: [],
  running: 0,
  weight: 0,
  turns: 0,
  parties: new Map(),
});

const NOBODY: Party = { running: 0, waiting: 0, weight: 0, lastTurn: 0 };

const groupKey = ({ group }: Entry): string => `group ${group}`;
const ownerKey = ({ group, owner }: Entry): string => `owner ${JSON.stringify([group, owner])}`;

const partyOf = (state: LineState, key: string): Party => state.parties.get(key) ?? NOBODY;

const change = (state: LineState, entry: Entry, by: Partial<Party>): void => {
  for (const key of [groupKey(entry), ownerKey(entry)]) {
    const party = { ...partyOf(state, key) };
    party.running += by.running ?? 0;
    party.waiting += by.waiting ?? 0;
    party.weight += by.weight ?? 0;
    party.lastTurn = by.lastTurn ?? party.lastTurn;
    if (party.running + party.waiting > 0) state.parties.set(key, party);
    else state.parties.delete(key);
  }
};

/** Whether one more entry of this group and owner may wait. */
export const mayWait = (state: LineState, entry: Entry, limits: LineLimits): boolean =>
  state.waiting.length < limits.maxWaiting &&
  partyOf(state, groupKey(entry)).waiting < limits.maxWaitingPerGroup &&
  partyOf(state, ownerKey(entry)).waiting < limits.maxWaitingPerOwner;

export const join = <E extends Entry>(state: LineState<E>, entry: E): void => {
  state.waiting.push(entry);
  change(state, entry, { waiting: 1 });
};

/** Removes a waiting entry. @returns false if it wasn't waiting */
export const leave = <E extends Entry>(state: LineState<E>, entry: E): boolean => {
  const at = state.waiting.indexOf(entry);
  if (at < 0) return false;
  state.waiting.splice(at, 1);
  change(state, entry, { waiting: -1 });
  return true;
};

const capacityOf = ({ capacity = Number.POSITIVE_INFINITY }: LineLimits): number => capacity;

/** At most the whole capacity: an entry heavier than that would wait forever. */
const weightOf = ({ weight }: Entry, limits: LineLimits): number => Math.min(weight, capacityOf(limits));

/** Whether a group or owner may run one more entry, by its share of places and of capacity. The first entry may have any weight. */
const hasShare = (party: Party, entry: Entry, maxPlaces: number, limits: LineLimits): boolean => {
  if (party.running === 0) return true;
  const maxWeight = capacityOf(limits) * (maxPlaces / limits.places);
  return party.running < maxPlaces && party.weight + weightOf(entry, limits) <= maxWeight;
};

/** Whether the shares of both its group and its owner allow it to run. */
const isWithinShare = (state: LineState, entry: Entry, limits: LineLimits): boolean =>
  hasShare(partyOf(state, groupKey(entry)), entry, limits.placesPerGroup, limits) &&
  hasShare(partyOf(state, ownerKey(entry)), entry, limits.placesPerOwner, limits);

/** Compared element by element: fewer running entries first, then the older last turn; group before owner. */
const rank = (state: LineState, entry: Entry): readonly number[] => {
  const [group, owner] = [partyOf(state, groupKey(entry)), partyOf(state, ownerKey(entry))];
  return [group.running, group.lastTurn, owner.running, owner.lastTurn];
};

const isBefore = (one: readonly number[], other: readonly number[]): boolean => {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
};

/** The waiting entry with the lowest rank; of equal ones the first to arrive. */
const firstByRight = <E extends Entry>(state: LineState<E>, limits: LineLimits): E | undefined => {
  let first: E | undefined;
  let firstRank: readonly number[] = [];
  for (const entry of state.waiting) {
    if (!isWithinShare(state, entry, limits)) continue;
    const entryRank = rank(state, entry);
    if (first && !isBefore(entryRank, firstRank)) continue;
    first = entry;
    firstRank = entryRank;
  }
  return first;
};

/**
 * Moves the next entry from waiting to running. Undefined while all places are taken, or while the next entry is too heavy for the free
 * capacity: lighter entries don't overtake it, or it could wait forever.
 */
export const admit = <E extends Entry>(state: LineState<E>, limits: LineLimits): E | undefined => {
  if (state.running >= limits.places) return undefined;
  const next = firstByRight(state, limits);
  if (!next) return undefined;
  const weight = weightOf(next, limits);
  if (state.weight + weight > capacityOf(limits)) return undefined;
  state.turns += 1;
  state.running += 1;
  state.weight += weight;
  change(state, next, { running: 1, weight, lastTurn: state.turns });
  leave(state, next);
  return next;
};

/** Frees the place of an entry that has run. */
export const release = (state: LineState, entry: Entry, limits: LineLimits): void => {
  state.running -= 1;
  const weight = weightOf(entry, limits);
  state.weight -= weight;
  change(state, entry, { running: -1, weight: -weight });
};
