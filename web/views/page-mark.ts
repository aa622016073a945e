/** The header that only pages of ours carry: what lacks it is never put into a page, whatever it is and whoever asked for it. */
export const PAGE_MARK = 'parley-page';
