/** What a token costs beside its own search: each of a dozen rules looks at it. */
export const TOKEN_COST = 64;

/** How much work a text may make. Counted, not timed: chat, the page's server and each browser must come to the same tokens. */
export interface Budget {
  /** @throws {TooMuchMarkup} once more was spent than there was */
  spend(units: number): void;
  readonly spent: number;
}

/** The text has more marks than are looked at: it is shown as it was written. */
class TooMuchMarkup extends Error {
  constructor() {
    super('The text has too many marks');
    this.name = 'TooMuchMarkup';
  }
}

/** @param units about as many characters as may be looked at */
export const createBudget = (units: number): Budget => {
  let spent = 0;
  return {
    spend: (more) => {
      spent += more;
      if (spent > units) throw new TooMuchMarkup();
    },
    get spent() {
      return spent;
    },
  };
};
