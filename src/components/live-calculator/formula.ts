/**
 * KaTeX's MathML made small, for the formulas that stand in the page before a reader touches a calculator: readable
 * without JavaScript and without KaTeX's fonts. Knows neither KaTeX nor the calculators.
 */

/**
 * The bare `<math>` element of what KaTeX renders with `output: 'mathml'`: without its wrapper, which asks for KaTeX's
 * fonts, and without the TeX source, which the page does not need. A minus after `=`, `×` or `(` is a sign, which MathML
 * would take for a difference.
 *
 * @throws Error when there is no `<math>` in it.
 */
export function bareMathml(html: string): string {
  const [math] = /<math[\s>][\s\S]*<\/math>/.exec(html) ?? [];
  if (math === undefined) throw new Error(`no MathML in ${html.slice(0, 80)}`);
  return math
    .replace(/<annotation[\s\S]*?<\/annotation>/g, '')
    .replace(/<\/?semantics>/g, '')
    .replace(/(<mo\b[^>]*>[=×(]<\/mo>)<mo>−<\/mo>/g, '$1<mo form="prefix">−</mo>')
    .replace(' xmlns="http://www.w3.org/1998/Math/MathML"', '');
}

/** One letter, number or sign, or a row of them. */
const ATOM = '(?:<m[ino]\\b[^>]*>[^<]*</m[ino]>|<mrow>(?:<m[ino]\\b[^>]*>[^<]*</m[ino]>)*</mrow>)';
const SCRIPTED = new RegExp(`<m(sub|sup)>(${ATOM})(${ATOM})</m\\1>`, 'g');

/**
 * A symbol as plain HTML, `β₁` as `<i>β</i><sub>1</sub>`; a formula with more than letters, signs and simple indices
 * stays MathML.
 *
 * @param math a `<math>` element of `bareMathml`
 */
export function symbolHtml(math: string): string {
  const html = math
    .replace(/^<math[^>]*>|<\/math>$/g, '')
    .replace(SCRIPTED, '$2<$1>$3</$1>')
    .replace(/<mi>([^<]*)<\/mi>/g, '<i>$1</i>')
    .replace(/<m([ino])\b[^>]*>([^<]*)<\/m\1>/g, '$2')
    .replace(/<\/?mrow>/g, '')
    .replaceAll('</i><i>', '');
  return html.includes('<m') ? math : html;
}
