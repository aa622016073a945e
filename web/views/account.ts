/** The account page: a form that protects the name with a password, or the fact that one does. */
import { fault, formTokenInput, sheet } from './form.ts';
import { type Html, html } from './html.ts';
import { ACCOUNT_PATH } from './paths.ts';

export interface AccountFacts {
  readonly formToken: string;
  /** As `issueProof` makes it. */
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
<form method="post" action="${ACCOUNT_PATH}" class="stack" hx-boost="false">${formTokenInput(formToken)}<input type="hidden" name="proof" value="${proof}">
${fault(wrong)}
<input type="hidden" name="username" value="${name}" autocomplete="username">
<label for="password">A password, at least 8 characters</label>
<input id="password" name="password" type="password" minlength="8" maxlength="200" required autocomplete="new-password">
<p class="row"><button class="button">Keep this name</button> <a href="/">Not now</a></p>
</form>`,
  );
