import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type OfAnchor<P> = P &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P> & { readonly ref?: Ref<HTMLAnchorElement> };

/** Mantine's look, the router's navigation. */
export const LinkAnchor = createLink((props: OfAnchor<AnchorProps>) => <Anchor {...props} />);

export const LinkButton = createLink((props: OfAnchor<ButtonProps>) => <Button component="a" {...props} />);
