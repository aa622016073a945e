/** The errors of presence. */
import { errors as common, defineErrors } from '@parley/kit/errors/errors';

export const errors = {
  ...common,
  ...defineErrors({
    presence_unavailable: {
      status: 503,
      retry: true,
      detail: 'The presence store (Redis) is away for a moment; try again',
    },
  }),
};
