/** Two grains of red rice. Decorative: the name stands beside it, or in a label. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#b3312b" />
      <ellipse cx="12.2" cy="17" rx="3.6" ry="7.2" transform="rotate(-24 12.2 17)" fill="#fff" />
      <ellipse
        cx="20.6"
        cy="15.6"
        rx="3.2"
        ry="6.4"
        transform="rotate(22 20.6 15.6)"
        fill="#f6c7a6"
      />
    </svg>
  );
}
