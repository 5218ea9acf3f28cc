@NullMarked
package com.cognitionos.subscription.entity;

import org.jspecify.annotations.NullMarked;
