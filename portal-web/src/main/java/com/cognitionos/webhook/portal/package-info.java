/** Webhooks in the portal: endpoints, what was sent to them, and what they answered. */
@NullMarked
package com.cognitionos.webhook.portal;

import org.jspecify.annotations.NullMarked;
