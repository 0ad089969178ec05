/** The nonce of this page, by which its policy allows styles that scripts make. */
export const NONCE =
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/**
 * Gives every style element that a library makes the nonce. antd takes one for its styles; its lock of scrolling and some others
 * make elements of their own without it.
 */
export function stampStyles(): void {
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name.toLowerCase() === 'style') element.setAttribute('nonce', NONCE);
    return element;
  }) as typeof document.createElement;
}
