import { describe, expect, test } from 'bun:test';
import { createNotificationDisplay, type Registration } from './display.ts';

/** A display that, like Chromium's, forgets what is being shown while the shown ones are listed. */
const openDisplay = () => {
  const shown = new Map<string, { title: string; body: string | undefined; silent: boolean | null | undefined }>();
  const forgotten: string[] = [];
  const showing = new Set<string>();
  const display: Registration = {
    showNotification: async (title, { tag = '', body, silent }) => {
      showing.add(tag);
      await Bun.sleep(1);
      showing.delete(tag);
      if (!forgotten.includes(tag)) shown.set(tag, { title, body, silent });
    },
    getNotifications: async ({ tag }) => {
      forgotten.push(...showing);
      await Bun.sleep(1);
      return shown.has(tag) ? [{ close: () => shown.delete(tag) }] : [];
    },
  };
  return { display, shown, forgotten };
};

describe('a pushed notification', () => {
  test('is shown, and silently replaced by its correction', async () => {
    const { display, shown } = openDisplay();
    const { show } = createNotificationDisplay(display);
    await show({ id: 'n1', title: 'Bob mentioned you', body: 'old' });
    expect(shown.get('n1')).toEqual({ title: 'Bob mentioned you', body: 'old', silent: false });
    await show({ id: 'n1', title: 'Bob mentioned you', body: 'new', change: 'corrected' });
    expect(shown.get('n1')).toEqual({ title: 'Bob mentioned you', body: 'new', silent: true });
  });

  test('is replaced by a notice when its message is deleted', async () => {
    const { display, shown } = openDisplay();
    const { show } = createNotificationDisplay(display);
    await show({ id: 'n1', title: 'Bob mentioned you', body: 'a secret' });
    await show({ id: 'n1', change: 'retracted' });
    expect([...shown]).toEqual([['n1', { title: 'Message deleted', body: '', silent: true }]]);
  });

  test.each(['corrected', 'retracted'] as const)(
    'stays closed when the user has closed it and it is %s',
    async (change) => {
      const { display, shown } = openDisplay();
      const { show, close } = createNotificationDisplay(display);
      await show({ id: 'n1', body: 'old' });
      await close('n1');
      await show({ id: 'n1', body: 'new', change });
      expect(shown.size).toBe(0);
    },
  );

  test('is not lost while others are replaced and closed', async () => {
    const { display, shown, forgotten } = openDisplay();
    const { show, close } = createNotificationDisplay(display);
    await Promise.all([
      ...['n1', 'n2', 'n3'].flatMap((id) => [show({ id, body: 'b' }), show({ id: 'gone', change: 'retracted' })]),
      close('n1'),
      show({ id: 'n4', body: 'b' }),
    ]);
    expect(forgotten).toEqual([]);
    expect([...shown.keys()]).toEqual(['n2', 'n3', 'n4']);
  });

  test('is shown after one that the browser refused', async () => {
    const { display, shown } = openDisplay();
    let isRefused = true;
    const { show } = createNotificationDisplay({
      ...display,
      showNotification: (title, options) =>
        isRefused ? Promise.reject(new TypeError('No permission')) : display.showNotification(title, options),
    });
    await expect(show({ id: 'n1' })).rejects.toThrow('No permission');
    isRefused = false;
    await show({ id: 'n2' });
    expect([...shown.keys()]).toEqual(['n2']);
  });
});
