import text from './styles.css?inline'

/** sheetOf makes a style sheet that shadow roots adopt. */
export function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}

/** styles is the widget's style sheet, adopted by its shadow root; the custom properties are listed in styles.css. */
export const styles = sheetOf(text)
