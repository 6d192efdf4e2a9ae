/** The code in a sign-in link, in its part after #, or the code itself; null when there is none. */
export function codeOf(text: string): string | null {
  const trimmed = text.trim();
  const inLink = /(?:^|#|&)code=([^&\s]+)/.exec(trimmed);
  if (inLink?.[1] !== undefined) return decodeURIComponent(inLink[1]);
  return /^[\w-]{6,}$/.test(trimmed) ? trimmed : null;
}
