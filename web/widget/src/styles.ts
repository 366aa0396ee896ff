import text from './styles.css?inline'

/** styles is the widget's style sheet, adopted by its shadow root; the custom properties are listed in styles.css. */
export const styles = new CSSStyleSheet()
styles.replaceSync(text)
