/** Sends webhooks that wait. */
@NullMarked
package com.cognitionos.webhook.batch;

import org.jspecify.annotations.NullMarked;
