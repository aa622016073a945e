/** Files with fixed names, by which browsers request them. */

const INK = '#4f46e5';
const ALERT = '#e11d48';

/** @param hasUnread adds a dot */
export const favicon = (hasUnread: boolean): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M6 4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H15l-7 6v-6H6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4Z" fill="${INK}"/><path d="M9 11h14M9 17h9" stroke="#fff" stroke-width="2.500" stroke-linecap="round"/>${
    hasUnread ? `<circle cx="25" cy="7" r="7" fill="${ALERT}" stroke="#fff" stroke-width="2"/>` : ''
  }</svg>`;

export const manifest = JSON.stringify({
  name: 'Parley',
  short_name: 'Parley',
  description: 'Chat, in real time',
  start_url: '/',
  display: 'standalone',
  background_color: '#ffffff',
  theme_color: INK,
  icons: [{ src: '/favicon.svg', sizes: 'any', type: 'image/svg+xml' }],
});
