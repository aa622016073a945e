/** For tests: tabs of one person over one store, each with a queue and a connection of its own, and a server that knows every `client_id`. */
import { expect } from 'bun:test';
import { type Entry, newQueue, type QueueEffect, type QueueEvent, type QueueRules, step } from '../queue.ts';

export interface Written extends Entry {
  /** The order in which messages were written, over all tabs. */
  readonly number: number;
}

/** The fate of the frame in flight. With the last two the connection is lost. */
export type Verdict = 'stored' | 'postponed' | 'refused' | 'stored without ack' | 'lost';

/** Stores each `client_id` once, as chat does. A message that it refused for good it refuses again, until its author retries it. */
class Server {
  readonly stored: Written[] = [];
  readonly refused = new Set<string>();

  has({ clientId }: Entry): boolean {
    return this.stored.some((entry) => entry.clientId === clientId);
  }

  store(entry: Written): void {
    if (!this.has(entry) && !this.refused.has(entry.clientId)) this.stored.push(entry);
  }
}

class Tab {
  state;
  /** All timers that the queue started, obsolete ones included. */
  readonly timers: number[] = [];
  /** Entries that the other tab removed from the store; the event hasn't arrived here yet. */
  readonly removals: string[] = [];
  flying: Written | undefined;
  /** The number of entries that it loaded: other tabs wrote some of them, and the bound counts for each tab alone. */
  #loaded = 0;
  readonly #world: World;

  constructor(world: World, rules: QueueRules) {
    this.#world = world;
    this.state = newQueue<Written>(rules);
  }

  handle(event: QueueEvent<Written>): void {
    const [state, effects] = step(this.state, event);
    this.state = state;
    for (const effect of effects) this.#carryOut(effect);
    this.#check();
  }

  /** The server may still read, much later, the frame that was in flight when the connection was lost. */
  lose(): void {
    if (this.flying) this.#world.limbo.push(this.flying);
    this.flying = undefined;
  }

  /** The page is reloaded: only the stored entries remain. */
  reload(): void {
    this.lose();
    this.removals.length = 0;
    const kept = this.#world.keptInOrder();
    this.#loaded = kept.length;
    this.state = newQueue(this.state.rules, kept);
  }

  #carryOut(effect: QueueEffect<Written>): void {
    const { kept, tabs, rejected, written } = this.#world;
    if (effect.type === 'keep') kept.set(effect.entry.clientId, effect.entry);
    if (effect.type === 'forget' && kept.delete(effect.clientId))
      for (const other of tabs) if (other !== this) other.removals.push(effect.clientId);
    if (effect.type === 'wait') this.timers.push(effect.timer);
    if (effect.type === 'full') rejected.add(effect.entry.clientId);
    if (effect.type === 'restart') this.lose();
    if (effect.type !== 'send') return;
    expect([this.state.connection, this.flying]).toEqual(['ready', undefined]);
    expect(effect.entry).toEqual({ ...written[effect.entry.number], ...effect.entry });
    this.flying = effect.entry;
  }

  #check(): void {
    const { entries, connection, inFlight, isPaused, timer, rules } = this.state;
    expect(entries.length).toBeLessThanOrEqual(Math.max(rules.maxEntries, this.#loaded));
    expect(inFlight).toBe(this.flying?.clientId);
    const isIdle = inFlight === undefined && !isPaused;
    // An entry that can be sent is in flight, or a timer will send it: none waits for an event that may never come.
    if (!isIdle) expect(this.timers).toContain(timer);
    else if (connection === 'ready') expect(entries.filter(({ fault }) => fault === undefined)).toEqual([]);
  }
}

export class World {
  readonly server = new Server();
  readonly kept = new Map<string, Written>();
  readonly written: Written[] = [];
  readonly rejected = new Set<string>();
  readonly discarded = new Set<string>();
  /** Entries that were refused once: later ones may have been stored before them. */
  readonly faulted = new Set<string>();
  /** Frames of lost connections that the server may still read. */
  readonly limbo: Written[] = [];
  readonly tabs: readonly Tab[];
  readonly writerOf = new Map<string, Tab>();

  constructor(rules: QueueRules) {
    this.tabs = [new Tab(this, rules), new Tab(this, rules)];
  }

  keptInOrder(): Written[] {
    return [...this.kept.values()].sort((a, b) => a.number - b.number);
  }

  write(tab: Tab): void {
    const entry: Written = { clientId: `m${this.written.length}`, number: this.written.length };
    this.written.push(entry);
    this.writerOf.set(entry.clientId, tab);
    tab.handle({ type: 'written', entry });
  }

  answer(tab: Tab, verdict: Verdict): void {
    const entry = tab.flying;
    if (!entry) return;
    const { clientId } = entry;
    if (verdict === 'lost' || verdict === 'stored without ack') {
      if (verdict !== 'lost') this.server.store(entry);
      tab.lose();
      return tab.handle({ type: 'close' });
    }
    tab.flying = undefined;
    if (verdict === 'postponed') return tab.handle({ type: 'postponed', clientId });
    const isRefused = this.server.refused.has(clientId) || (verdict === 'refused' && !this.server.has(entry));
    if (!isRefused) {
      this.server.store(entry);
      return tab.handle({ type: 'acked', clientId });
    }
    this.server.refused.add(clientId);
    this.faulted.add(clientId);
    tab.handle({ type: 'refused', clientId, fault: 'It is too long' });
  }

  discard(tab: Tab, clientId: string): void {
    this.discarded.add(clientId);
    if (tab.flying?.clientId === clientId) tab.lose();
    tab.handle({ type: 'dropped', clientId });
  }

  retry(tab: Tab, clientId: string): void {
    this.server.refused.delete(clientId);
    tab.handle({ type: 'retried', clientId });
  }

  removal(tab: Tab): void {
    const clientId = tab.removals.shift();
    if (clientId === undefined) return;
    if (tab.flying?.clientId === clientId) tab.lose();
    tab.handle({ type: 'dropped', clientId });
  }

  /** Holds after every event: each message that a queue accepted is stored by the server, kept here, or discarded by its author. */
  checkNothingLost(): void {
    const lost = this.written.filter(
      (entry) =>
        !this.rejected.has(entry.clientId) &&
        !this.discarded.has(entry.clientId) &&
        !this.kept.has(entry.clientId) &&
        !this.server.has(entry),
    );
    expect(lost).toEqual([]);
  }

  /** From now on no connection is lost, and the server stores every message that it hasn't refused. */
  deliverAll(): void {
    for (const tab of this.tabs) {
      while (tab.removals.length > 0) this.removal(tab);
      tab.reload();
      tab.handle({ type: 'open' });
      tab.handle({ type: 'ready' });
      while (tab.flying) this.answer(tab, 'stored');
    }
    for (const entry of this.limbo) this.server.store(entry);
  }
}
