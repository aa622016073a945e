/** The errors of the file service. */
import { errors as common, defineErrors } from '@parley/kit/errors/errors';

export const errors = {
  ...common,
  ...defineErrors({
    unknown_file: { status: 404, retry: false, detail: 'There is no file with this id' },
    range_not_satisfiable: { status: 416, retry: false, detail: 'The file has no such range' },
  }),
};
