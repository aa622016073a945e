/** The cost of a token beside its own search, because each of a dozen rules tries it. */
export const TOKEN_COST = 64;

/** Bounds the work of lexing a text. Work is counted, not timed, because chat, the page's server and every browser must get the same tokens. */
export interface Budget {
  /** @throws {TooMuchMarkup} when the budget is exceeded */
  spend(units: number): void;
  readonly spent: number;
}

/** The text has more marks than the budget allows: it is shown unformatted. */
class TooMuchMarkup extends Error {
  constructor() {
    super('The text has too many marks');
    this.name = 'TooMuchMarkup';
  }
}

/** @param units one unit is about one character that a rule looks at */
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
