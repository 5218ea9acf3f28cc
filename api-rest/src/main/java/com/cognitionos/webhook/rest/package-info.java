/** Outgoing webhooks by REST. */
@NullMarked
package com.cognitionos.webhook.rest;

import org.jspecify.annotations.NullMarked;
