/** The sign-in page: a name, and a password for a name with an account. */
import { fault, formTokenInput, sheet } from './form.ts';
import { type Html, html } from './html.ts';
import { SIGN_IN_PATH } from './paths.ts';

export interface SignInFacts {
  readonly formToken: string;
  /** The path that signing in leads to. */
  readonly next: string;
  readonly name?: string;
  readonly refusal?: { readonly fault: string; readonly needsPassword: boolean } | undefined;
}

export const signIn = ({ formToken, next, name, refusal }: SignInFacts): Html =>
  sheet(
    'Parley',
    html`<p class="lead">Pick a name and start talking.</p>
<form method="post" action="${SIGN_IN_PATH}" class="stack" hx-boost="false">${formTokenInput(formToken)}<input type="hidden" name="next" value="${next}">
${fault(refusal?.fault)}
<label for="name">Your name</label>
<input id="name" name="name" value="${name}" maxlength="80" required dir="auto" autocomplete="username" autocapitalize="words" spellcheck="false"${refusal?.needsPassword ? '' : html` autofocus`}${refusal && !refusal.needsPassword && html` aria-invalid="true"`}>
<details${refusal?.needsPassword && html` open`}><summary>I have an account</summary>
<label for="password">Password</label>
<input id="password" name="password" type="password" maxlength="200" autocomplete="current-password"${refusal?.needsPassword && html` aria-invalid="true" autofocus`}>
</details>
<p><button class="button wide">Join the conversation</button></p>
</form>
<p class="foot"><a href="/status">Status of the services</a></p>`,
    html`<img src="/favicon.svg" width="36" height="36" alt="">`,
  );
