@NullMarked
package com.cognitionos.tenancy.entity;

import org.jspecify.annotations.NullMarked;
