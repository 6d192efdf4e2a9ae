import type { ParamKind } from '../../api/types';

/** Whether a parameter's value is of its kind, as the server will say, too. */
export function isOfKind(value: string, kind: ParamKind): boolean {
  switch (kind) {
    case 'flag':
      return value === 'true' || value === 'false';
    case 'number':
      return /^-?\d{1,30}(\.\d{1,30})?$/.test(value);
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value);
    case 'text':
      return true;
  }
}
