@NullMarked
package com.cognitionos.webhook.control;

import org.jspecify.annotations.NullMarked;
