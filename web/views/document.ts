/** The frame of every page: what a browser loads, and how htmx goes from page to page. */
import { type Html, html } from './html.ts';
import { data, id } from './ids.ts';

export interface Frame {
  readonly title: string;
  readonly theme: string;
  /** Names of the built files. */
  readonly script: string;
  readonly style: string;
  /** The time zone that the page's times are in; the script corrects them where the reader's is another. */
  readonly timeZone: string;
  /** Nobody proves who they are. */
  readonly isOpen: boolean;
  /** What presence counts this page as: one of the reader's devices. */
  readonly device: string;
}

/** Carries the device in every request that changes what the page shows. */
export const DEVICE_HEADER = 'Parley-Device';

const htmxConfig = JSON.stringify({
  prefix: '',
  includeIndicatorCSS: false,
  // The settling of CSS transitions copies style attributes, which the content policy rightly refuses.
  defaultSettleDelay: 0,
});

/** Links and forms swap the page's content in place; `#page` is on every page, so also on an error's. */
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
