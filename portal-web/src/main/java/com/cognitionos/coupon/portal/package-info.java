/** The coupons that a tenant has redeemed, on its billing page. */
@NullMarked
package com.cognitionos.coupon.portal;

import org.jspecify.annotations.NullMarked;
