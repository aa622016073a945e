/** Parts that forms and plain pages share. */
import { type Content, type Html, html } from './html.ts';
import { id } from './ids.ts';

/** The hidden field that `requireOwnForm` checks. Every form needs it. */
export const formTokenInput = (token: string): Html => html`<input type="hidden" name="form_token" value="${token}">`;

/** The error of a form, above its fields. */
export const fault = (text: string | undefined): Html | false =>
  text !== undefined && html`<p class="fault" role="alert">${text}</p>`;

/** The replacement for a part of the page that couldn't be loaded. */
export const missing = (what: string, why: string): Html =>
  html`<p class="missing" role="status">${what} can’t be shown at the moment. ${why}.</p>`;

/** A page with one centred sheet. @param mark an image before the title */
export const sheet = (title: string, content: Content, mark?: Html): Html =>
  html`<div ${id('page')} class="sheet-page" hx-history-elt><main class="sheet" tabindex="-1"><h1>${mark}${title}</h1>${content}</main></div>`;
