/** A file of every accepted type, each with markup that would take over a page that it is inserted into. */
import { jpeg, png, webp } from '@parley/file/testing/samples';

/** The address that the markup requests if any part of it runs. */
export const STOLEN = '/stolen';

/**
 * Markup that looks like a page of Parley, so that htmx would select and swap it. It uses every htmx attribute that acts without a click,
 * and sends the form token away.
 */
export const TAKEOVER = `<div id="page" hx-history-elt><section id="notifications"><h1>swapped</h1>
<img src="${STOLEN}/image.png" alt="">
<form method="post" action="${STOLEN}/form" hx-boost="true" hx-trigger="load" hx-include="global [name=form_token]"><input name="a" value="b"></form>
<form method="post" action="/account" hx-boost="true" hx-trigger="load" hx-include="global [name=form_token]"><input name="password" value="known to somebody"></form>
<div hx-get="${STOLEN}/get" hx-trigger="load" hx-include="global [name=form_token]"></div>
<div hx-post="/rooms/general/messages" hx-trigger="load" hx-vals="content:owned" hx-include="global [name=form_token]"></div>
<div hx-ws:connect="/ws/general/mallory?username=swapped"></div>
<div hx-on:htmx:after:process="fetch('${STOLEN}/on')" hx-on="load -> fetch('${STOLEN}/on')"></div>
<a href="${STOLEN}/link" hx-trigger="load" hx-boost="true">x</a></section></div>
<hx-partial hx-target="body"><h1>swapped</h1></hx-partial><p id="log" hx-swap-oob="true">swapped</p>`;

export interface HostileFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const MARKUP = Buffer.from(`\n${TAKEOVER}\n`);
const SIZE = 8;

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
/** A local file header (PKWARE's APPNOTE, 4.3.7) of a stored file without a name. */
const ZIP = Buffer.concat([Buffer.from('504b03040a0000000000', 'hex'), Buffer.alloc(20)]);

export const hostileFiles = async (): Promise<readonly HostileFile[]> => {
  const texts = ['report.txt', 'README.md', 'numbers.csv', 'answer.json'];
  const images: readonly [string, string, Buffer][] = [
    ['a.png', 'image/png', png(SIZE, SIZE)],
    ['a.jpg', 'image/jpeg', await jpeg(SIZE, SIZE)],
    ['a.gif', 'image/gif', GIF],
    ['a.webp', 'image/webp', await webp(SIZE, SIZE)],
    ['a.pdf', 'application/pdf', Buffer.from('%PDF-1.4\n')],
    ['a.zip', 'application/zip', ZIP],
  ];
  return [
    ...texts.map((name) => ({ name, type: 'text/plain', bytes: Buffer.from(TAKEOVER) })),
    ...images.map(([name, type, bytes]) => ({ name, type, bytes: Buffer.concat([bytes, MARKUP]) })),
  ];
};
