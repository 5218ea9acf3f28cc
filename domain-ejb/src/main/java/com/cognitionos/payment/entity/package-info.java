@NullMarked
package com.cognitionos.payment.entity;

import org.jspecify.annotations.NullMarked;
