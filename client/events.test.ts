import { expect, spyOn, test } from 'bun:test';
import { createEmitter } from './events.ts';

interface Events {
  readonly said: string;
  readonly counted: number;
}

test('a listener receives the events of its name until it is removed', () => {
  const { on, emit } = createEmitter<Events>();
  const heard: (string | number)[] = [];
  const end = on('said', (text) => heard.push(text));
  on('counted', (count) => heard.push(count));
  emit('said', 'one');
  emit('counted', 2);
  end();
  emit('said', 'three');
  expect(heard).toEqual(['one', 2]);
});

test('a listener that throws stops neither the others nor the caller, and its error is reported', () => {
  const later: (() => void)[] = [];
  const spy = spyOn(globalThis, 'queueMicrotask').mockImplementation((callback) => void later.push(callback));
  const { on, emit } = createEmitter<Events>();
  const heard: string[] = [];
  on('said', () => {
    throw new Error('The app is at fault');
  });
  on('said', (text) => heard.push(text));
  emit('said', 'one');
  spy.mockRestore();
  expect(heard).toEqual(['one']);
  expect(later.length).toBe(1);
  expect(later[0]).toThrow('The app is at fault');
});
