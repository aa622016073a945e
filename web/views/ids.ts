/**
 * The names by which scripts find what the server rendered: ids, `data-` attributes, acts of buttons. Views write them by `id`, `data`
 * and `act`, scripts read them by these types, so the compiler finds a name that only one side has. Types cost the page no bytes.
 */
import { type Html, html, joinHtml, nothing } from './html.ts';

/** Elements that are on a page at most once. */
export type ElementId =
  | 'announcer'
  | 'beginning'
  | 'behind'
  | 'bell'
  | 'composer'
  | 'connection'
  | 'favicon'
  | 'files'
  | 'jump'
  | 'jump-text'
  | 'log'
  | 'me-menu'
  | 'new'
  | 'newer'
  | 'notifications'
  | 'older'
  | 'page'
  | 'panel'
  | 'pending'
  | 'people'
  | 'people-count'
  | 'room'
  | 'rooms'
  | 'scroll'
  | 'sidebar'
  | 'text'
  | 'toasts'
  | 'typing'
  | 'uploads';

/** What a control does to the thing that it stands in. */
export type Act = 'quote' | 'copy' | 'edit' | 'delete' | 'retry' | 'take-back' | 'discard' | 'push' | 'shortcuts';

/** `data-` attributes as `dataset` names them. */
export type DataName =
  | 'act'
  | 'at'
  | 'behind'
  | 'clientId'
  | 'day'
  | 'device'
  | 'hasNewer'
  | 'name'
  | 'position'
  | 'read'
  | 'room'
  | 'roomName'
  | 'seq'
  | 'since'
  | 'socket'
  | 'theme'
  | 'type'
  | 'user'
  | 'zone';

/** The attributes of an element, as scripts read them. */
export type Data = { readonly [Name in DataName]?: string | undefined };

/** `id="log"` */
export const id = (name: ElementId): Html => html`id="${name}"`;

const attributeOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** ` data-room-name="general" data-has-newer=""`, with the space before it. `true` has no value; `undefined` and `false` are left out. */
export const data = (values: { readonly [Name in DataName]?: string | number | boolean | undefined }): Html =>
  joinHtml(
    Object.entries(values).map(([name, value]) =>
      value === undefined || value === false
        ? nothing
        : html` data-${attributeOf(name)}="${value === true ? '' : value}"`,
    ),
  );

/** ` data-act="edit"` */
export const act = (name: Act): Html => data({ act: name });

/** The id of a message's element, and its anchor in an address. */
export const messageElementId = (messageId: string): string => `m-${messageId}`;

/** The id of the element of a message that isn't stored yet. */
export const pendingElementId = (clientId: string): string => `p-${clientId}`;
