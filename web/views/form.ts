/** The pieces that forms share. */
import { type Content, type Html, html } from './html.ts';
import { id } from './ids.ts';

/** Proves that the form is from our page. Every form has it. */
export const formTokenInput = (token: string): Html => html`<input type="hidden" name="form_token" value="${token}">`;

/** What went wrong with a form, said before its fields. */
export const fault = (text: string | undefined): Html | false =>
  text !== undefined && html`<p class="fault" role="alert">${text}</p>`;

/** Says that a part of the page is missing, and why. */
export const missing = (what: string, why: string): Html =>
  html`<p class="missing" role="status">${what} can’t be shown at the moment. ${why}.</p>`;

/** A centred sheet for pages that are one form or one list. @param mark stands before the title */
export const sheet = (title: string, content: Content, mark?: Html): Html =>
  html`<div ${id('page')} class="sheet-page" hx-history-elt><main class="sheet" tabindex="-1"><h1>${mark}${title}</h1>${content}</main></div>`;
