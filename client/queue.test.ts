import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { defaultRules, type Entry, newQueue, type QueueEvent, step } from './queue.ts';
import { type Verdict, World } from './testing/queue.model.ts';

const RULES = { maxEntries: 5, ackTimeoutMs: 10, retryMs: 5 };

const act = fc.record({
  tab: fc.nat(1),
  pick: fc.nat(1_000),
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant('write' as const) },
    { weight: 3, arbitrary: fc.constantFrom('open', 'ready' as const) },
    { weight: 2, arbitrary: fc.constantFrom('close', 'timer', 'removal', 'limbo' as const) },
    { weight: 1, arbitrary: fc.constantFrom('discard', 'retry', 'reload', 'stray' as const) },
    {
      weight: 5,
      arbitrary: fc.constantFrom<Verdict>('stored', 'stored', 'postponed', 'refused', 'stored without ack', 'lost'),
    },
  ),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const pickOf = <T>(all: readonly T[], pick: number): T | undefined => all[pick % all.length];

const perform = (world: World, { tab: index, pick, kind }: Act): void => {
  const tab = world.tabs[index];
  if (!tab) throw new Error(`There is no tab ${index}`);
  const known = pickOf(tab.state.entries, pick)?.clientId;
  switch (kind) {
    case 'write':
      return world.write(tab);
    case 'open':
    case 'close':
      tab.lose();
      return tab.handle({ type: kind });
    case 'ready':
      // `ready` follows `open` only.
      return tab.state.connection === 'open' ? tab.handle({ type: 'ready' }) : undefined;
    case 'timer':
      return tab.handle({ type: 'timer', timer: pickOf(tab.timers, pick) ?? 0 });
    case 'removal':
      return world.removal(tab);
    case 'limbo': {
      const late = world.limbo.splice(pick % (world.limbo.length || 1), 1)[0];
      return late && world.server.store(late);
    }
    case 'discard':
      return known === undefined ? undefined : world.discard(tab, known);
    case 'retry':
      return known === undefined ? undefined : world.retry(tab, known);
    case 'reload':
      return tab.reload();
    case 'stray':
      // Answers without an entry in flight: it was removed, or it isn't in flight.
      for (const type of ['postponed', 'dropped', 'retried'] as const) tab.handle({ type, clientId: 'unknown' });
      return tab.handle({ type: 'refused', clientId: 'unknown', fault: '' });
    default:
      return world.answer(tab, kind);
  }
};

describe('the queue, with two tabs and any order of events', () => {
  test('loses nothing, sends each message under one client_id, keeps the order, one in flight, and is bounded', () => {
    const verdicts = new Set<string>();
    fc.assert(
      fc.property(fc.array(act, { minLength: 20, maxLength: 80, size: 'max' }), (acts) => {
        const world = new World(RULES);
        for (const each of acts) {
          perform(world, each);
          world.checkNothingLost();
          verdicts.add(each.kind);
        }
        world.deliverAll();
        world.checkNothingLost();

        for (const { clientId, fault } of world.kept.values())
          expect([clientId, fault]).toEqual([clientId, 'It is too long']);
        const ids = world.server.stored.map(({ clientId }) => clientId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const tab of world.tabs) {
          const smooth = world.server.stored.filter(
            ({ clientId }) =>
              world.writerOf.get(clientId) === tab && !world.faulted.has(clientId) && !world.discarded.has(clientId),
          );
          expect(smooth).toEqual(smooth.toSorted((a, b) => a.number - b.number));
        }
      }),
      { numRuns: 3_000 },
    );
    expect(verdicts.size).toBe(16);
  });
});

const run = (events: readonly QueueEvent<Entry>[], maxEntries = 200) => {
  let state = newQueue<Entry>({ ...defaultRules, maxEntries });
  const effects = events.flatMap((event) => {
    const [next, made] = step(state, event);
    state = next;
    return made;
  });
  return { state, effects };
};

const written = (clientId: string) => ({ type: 'written', entry: { clientId } }) as const;
const connected = [{ type: 'open' }, { type: 'ready' }] as const;
const sentIn = (effects: ReturnType<typeof run>['effects']) =>
  effects.flatMap((effect) => (effect.type === 'send' ? [effect.entry.clientId] : []));

describe('the queue', () => {
  test('sends the next when the one before is acknowledged', () => {
    const events = [...connected, written('a'), written('b'), { type: 'acked', clientId: 'a' }] as const;
    expect(sentIn(run(events).effects)).toEqual(['a', 'b']);
    expect(sentIn(run(events.slice(0, 4)).effects)).toEqual(['a']);
  });

  test('sends nothing before ready, and sends the entry in flight again after a lost connection', () => {
    const events = [written('a'), { type: 'open' }] as const;
    expect(sentIn(run(events).effects)).toEqual([]);
    expect(sentIn(run([...events, { type: 'ready' }, { type: 'close' }, ...connected]).effects)).toEqual(['a', 'a']);
  });

  test('restarts a connection without an answer, but not for an obsolete timer', () => {
    const { effects, state } = run([...connected, written('a')]);
    expect(effects.at(-1)).toEqual({ type: 'wait', timer: state.timer, ms: defaultRules.ackTimeoutMs });
    const obsolete = { type: 'timer', timer: state.timer - 1 } as const;
    expect(step(state, obsolete)).toEqual([state, []]);
    const [after, due] = step(state, { type: 'timer', timer: state.timer });
    expect([after.connection, after.inFlight, due]).toEqual(['closed', undefined, [{ type: 'restart' }]]);
  });

  test('waits for retryAfterMs, also after a refusal that names no message', () => {
    const refusal = { type: 'postponed', retryAfterMs: 70 } as const;
    const { effects, state } = run([...connected, written('a'), refusal, written('b')]);
    expect(sentIn(effects)).toEqual(['a']);
    expect(effects).toContainEqual({ type: 'wait', timer: state.timer, ms: 70 });
    const [, after] = step(state, { type: 'timer', timer: state.timer });
    expect(sentIn([...after])).toEqual(['a']);
  });

  test('sends later entries past a refused one, until its author retries it', () => {
    const refusal = { type: 'refused', clientId: 'a', fault: 'It is too long' } as const;
    const { effects, state } = run([...connected, written('a'), written('b'), refusal]);
    expect(sentIn(effects)).toEqual(['a', 'b']);
    expect(state.entries).toEqual([{ clientId: 'a', fault: 'It is too long' }, { clientId: 'b' }]);
    const [retried] = step(state, { type: 'retried', clientId: 'a' });
    expect(retried.entries).toEqual([{ clientId: 'a' }, { clientId: 'b' }]);
    const [, next] = step(retried, { type: 'acked', clientId: 'b' });
    expect(sentIn([...next])).toEqual(['a']);
  });

  test('is bounded, and adds no message twice', () => {
    const many = Array.from({ length: 200 }, (_, index) => written(`m${index}`));
    const { effects, state } = run([...many, written('m7'), written('late')]);
    expect(state.entries.length).toBe(200);
    expect(effects.filter(({ type }) => type === 'full')).toEqual([{ type: 'full', entry: { clientId: 'late' } }]);
  });
});
