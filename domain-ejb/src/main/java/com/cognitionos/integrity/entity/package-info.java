@NullMarked
package com.cognitionos.integrity.entity;

import org.jspecify.annotations.NullMarked;
