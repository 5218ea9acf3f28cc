@NullMarked
package com.cognitionos.entitlement.entity;

import org.jspecify.annotations.NullMarked;
