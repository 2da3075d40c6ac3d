import classes from './policies.module.css';

/** A text as it stands, its lines numbered. */
export const Source = ({ label, text }: { readonly label: string; readonly text: string }) => (
  // A scrolled part of the page has to be reachable by the keyboard.
  <pre className={classes['source']} tabIndex={0} role="group" aria-label={label}>
    {text}
  </pre>
);
