/** Who is next in a line. Pure: no clock, no promises. */

export interface LineLimits {
  /** Work that runs at the same time: in all, of one group, of one owner; and as large a share of `capacity`. */
  readonly places: number;
  readonly placesPerGroup: number;
  readonly placesPerOwner: number;
  /** The most that the weights of what runs add up to. A heavier ticket counts as all of it. */
  readonly capacity?: number;
  /** What may wait: in all, of one group, of one owner. */
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

/** What a group or an owner has in the line. Forgotten with its last entry, so the line's memory is bounded by its places. */
interface Party {
  running: number;
  waiting: number;
  /** The sum of what runs. */
  weight: number;
  /** The number of the turn it had last; 0 for none. */
  lastTurn: number;
}

export interface LineState<E extends Entry = Entry> {
  /** In the order of arrival. */
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

/** Whether one more of this group and owner may wait. */
export const mayWait = (state: LineState, entry: Entry, limits: LineLimits): boolean =>
  state.waiting.length < limits.maxWaiting &&
  partyOf(state, groupKey(entry)).waiting < limits.maxWaitingPerGroup &&
  partyOf(state, ownerKey(entry)).waiting < limits.maxWaitingPerOwner;

export const join = <E extends Entry>(state: LineState<E>, entry: E): void => {
  state.waiting.push(entry);
  change(state, entry, { waiting: 1 });
};

/** Takes out one that waits. False when it doesn't. */
export const leave = <E extends Entry>(state: LineState<E>, entry: E): boolean => {
  const at = state.waiting.indexOf(entry);
  if (at < 0) return false;
  state.waiting.splice(at, 1);
  change(state, entry, { waiting: -1 });
  return true;
};

const capacityOf = ({ capacity = Number.POSITIVE_INFINITY }: LineLimits): number => capacity;

/** What an entry takes of the capacity: never more than there is, or it would wait for ever. */
const weightOf = ({ weight }: Entry, limits: LineLimits): number => Math.min(weight, capacityOf(limits));

/** Whether a party may have one more: of the places, and as much of the capacity; whoever has nothing may have one of any weight. */
const hasShare = (party: Party, entry: Entry, maxPlaces: number, limits: LineLimits): boolean => {
  if (party.running === 0) return true;
  const maxWeight = capacityOf(limits) * (maxPlaces / limits.places);
  return party.running < maxPlaces && party.weight + weightOf(entry, limits) <= maxWeight;
};

/** Whether neither its group nor its owner holds its share already. */
const isWithinShare = (state: LineState, entry: Entry, limits: LineLimits): boolean =>
  hasShare(partyOf(state, groupKey(entry)), entry, limits.placesPerGroup, limits) &&
  hasShare(partyOf(state, ownerKey(entry)), entry, limits.placesPerOwner, limits);

/** What decides between two, most important first: who holds less, then whose last turn is longer ago; group before owner. */
const rank = (state: LineState, entry: Entry): readonly number[] => {
  const [group, owner] = [partyOf(state, groupKey(entry)), partyOf(state, ownerKey(entry))];
  return [group.running, group.lastTurn, owner.running, owner.lastTurn];
};

const isBefore = (one: readonly number[], other: readonly number[]): boolean => {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
};

/** The next by right; among equals whoever came first. */
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
 * Takes the next one out of the line and gives it a place. Undefined while all places are taken, or while the next by right doesn't
 * fit: no lighter one passes it, or it would never come to its turn.
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

/** Gives the place of one that ran back. */
export const release = (state: LineState, entry: Entry, limits: LineLimits): void => {
  state.running -= 1;
  const weight = weightOf(entry, limits);
  state.weight -= weight;
  change(state, entry, { running: -1, weight: -weight });
};
