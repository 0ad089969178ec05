/** The nonce of this page, by which its policy allows styles that scripts make. */
export const NONCE =
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/**
 * Gives every style element that a library makes the nonce. antd takes one for its styles; its lock of scrolling and some others
 * make elements of their own without it. Text areas that grow are measured with a style attribute, which a policy forbids; set
 * property by property, the same is allowed.
 */
export function stampStyles(): void {
  const { setAttribute } = Element.prototype;
  HTMLElement.prototype.setAttribute = function (name: string, value: string): void {
    if (name === 'style') this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name.toLowerCase() === 'style') element.setAttribute('nonce', NONCE);
    return element;
  }) as typeof document.createElement;
}
