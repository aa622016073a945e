/** The document around every page: scripts, styles, and htmx's settings for navigation. */
import { type Html, html } from './html.ts';
import { data, id } from './ids.ts';

export interface Frame {
  readonly title: string;
  readonly theme: string;
  /** File names of the built assets. */
  readonly script: string;
  readonly style: string;
  /** The time zone of the rendered times. A script corrects them if the browser's differs. */
  readonly timeZone: string;
  /** The server runs without `AUTH_SECRET`. */
  readonly isOpen: boolean;
  /** Identifies the open page to presence. */
  readonly device: string;
}

/** htmx sends the device in this header, so that a swapped page stays the same device. */
export const DEVICE_HEADER = 'Parley-Device';

const htmxConfig = JSON.stringify({
  prefix: '',
  includeIndicatorCSS: false,
  // With a delay, htmx would copy style attributes for CSS transitions, and the content security policy forbids those.
  defaultSettleDelay: 0,
});

/** Links and forms replace `#page`, which every page has, error pages included. */
const BOOST = 'target:#page select:#page swap:outerHTML';

const openServer = html`<aside class="open-server" aria-label="About this server">Open server: anyone can use any name. For local use only.</aside>`;

export const page = (
  { title, theme, script, style, timeZone, isOpen, device }: Frame,
  content: Html,
): Html => html`<!doctype html>
<html lang="en"${data({ theme, zone: timeZone, device })}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<title>${title}</title>
<meta name="color-scheme" content="${theme === 'auto' ? 'light dark' : theme}">
<meta name="htmx-config" content="${htmxConfig}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml" ${id('favicon')}>
<link rel="manifest" href="/manifest.webmanifest">
<link rel="stylesheet" href="/assets/${style}">
<script type="module" src="/assets/${script}"></script>
</head>
<body hx-boost:inherited="${BOOST}" hx-headers:inherited="${JSON.stringify({ [DEVICE_HEADER]: device })}">
${isOpen && openServer}
${content}
<div ${id('announcer')} hx-ignore class="visually-hidden" role="log" aria-live="polite" aria-label="New messages"></div>
<div ${id('toasts')} hx-ignore class="toasts" role="status" aria-live="polite"></div>
</body>
</html>
`;
