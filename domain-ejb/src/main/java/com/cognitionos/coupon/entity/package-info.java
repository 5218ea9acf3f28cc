@NullMarked
package com.cognitionos.coupon.entity;

import org.jspecify.annotations.NullMarked;
