/** The response header of this site's pages. Scripts put no response without it into a page: it could be a file that a user uploaded. */
export const PAGE_MARK = 'parley-page';
