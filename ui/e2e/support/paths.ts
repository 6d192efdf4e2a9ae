import type { Batch } from '../../src/api/types';

export function batchPath({ source, stream, extract_id }: Batch): string {
  return `/batches/${source}/${stream}/${extract_id}`;
}
