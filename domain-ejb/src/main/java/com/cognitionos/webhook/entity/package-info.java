@NullMarked
package com.cognitionos.webhook.entity;

import org.jspecify.annotations.NullMarked;
