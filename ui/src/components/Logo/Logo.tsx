/** A canal lock seen from its side: high water, two mitred gates, low water. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#124550" />
      <path d="M4 13h9v13H4z" fill="#5fc0cc" />
      <path d="M13 20h6v6h-6zM19 20h9v6h-9z" fill="#2f8e9c" />
      <path d="M13 8v18M19 8v18" stroke="#f0a35c" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M13 9.5 19 13M19 9.5l-6 3.5" stroke="#f0a35c" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
