/** Coupons: for finance as what is offered, for tenants as what they have redeemed. */
@NullMarked
package com.cognitionos.coupon.rest;

import org.jspecify.annotations.NullMarked;
