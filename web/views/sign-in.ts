/** The door: a name, and a password only where an account protects it. */
import { fault, formTokenInput, sheet } from './form.ts';
import { type Html, html } from './html.ts';
import { SIGN_IN_PATH } from './paths.ts';

export interface SignInFacts {
  readonly formToken: string;
  /** Where to go afterwards. */
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

export interface AccountFacts {
  readonly formToken: string;
  /** That the form was read by a person's visit, a short while ago. */
  readonly proof: string;
  readonly name: string;
  readonly hasAccount: boolean;
  readonly fault?: string | undefined;
}

export const account = ({ formToken, proof, name, hasAccount, fault: wrong }: AccountFacts): Html =>
  sheet(
    'Your account',
    hasAccount
      ? html`<p>You are signed in as <bdi><strong>${name}</strong></bdi>. A password protects this name.</p><p class="row"><a class="button" href="/">Back to the conversation</a></p>`
      : html`<p>You are here as <bdi><strong>${name}</strong></bdi>, a guest. With a password, nobody else can come in under this name, and you can sign in anywhere.</p>
<form method="post" action="/account" class="stack" hx-boost="false">${formTokenInput(formToken)}<input type="hidden" name="proof" value="${proof}">
${fault(wrong)}
<input type="hidden" name="username" value="${name}" autocomplete="username">
<label for="password">A password, at least 8 characters</label>
<input id="password" name="password" type="password" minlength="8" maxlength="200" required autocomplete="new-password">
<p class="row"><button class="button">Keep this name</button> <a href="/">Not now</a></p>
</form>`,
  );
