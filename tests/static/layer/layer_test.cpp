// SPDX-License-Identifier: MIT
// Layers on their own: names as the user wrote them, options in any order, shapes, objections.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/dropout.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"

#include <type_traits>

#include <limits>

using namespace tesela;

static_assert(Layer<decltype(relu)> && Layer<decltype(conv2d<6, 5>)> && !Layer<extents<3>>);
static_assert(std::is_empty_v<decltype(linear<120>)> && std::is_empty_v<decltype(conv2d<6, 5>)>);

// Names stand in errors, summaries and reports.
static_assert(linear<120>.name() == "linear<120>");
static_assert(conv2d<6, 5>.name() == "conv2d<6,5>");
static_assert(conv2d<6, 5, stride<2>>.name() == "conv2d<6,5,stride<2>>");
static_assert(conv2d<6, 5, padding<1>>.name() == "conv2d<6,5,padding<1>>");
static_assert(conv2d<6, 5, direct>.name() == "conv2d<6,5,direct>");
static_assert(conv2d<6, 5, padding<1>, direct, stride<2>>.name() ==
              "conv2d<6,5,stride<2>,padding<1>,direct>");
static_assert(conv2d<6, kernel<3, 5>>.name() == "conv2d<6,kernel<3,5>>");
static_assert(conv2d<6, kernel<5>>.name() == "conv2d<6,5>");
static_assert(conv2d<6, kernel<5, 5>, stride<2, 2>>.name() == "conv2d<6,5,stride<2>>");
static_assert(conv2d<6, 5, stride<2, 1>, padding<0, 3>, dilation<1, 2>>.name() ==
              "conv2d<6,5,stride<2,1>,padding<0,3>,dilation<1,2>>");
static_assert(conv2d<6, 3, direct, dilation<2>, padding<1>>.name() ==
              "conv2d<6,3,padding<1>,dilation<2>,direct>");
static_assert(max_pool2d<kernel<2, 3>>.name() == "max_pool2d<kernel<2,3>>");
static_assert(max_pool2d<kernel<2, 3>, stride<2, 1>>.name() ==
              "max_pool2d<kernel<2,3>,stride<2,1>>");
static_assert(max_pool2d<2, stride<2, 1>>.name() == "max_pool2d<2,stride<2,1>>");
static_assert(max_pool2d<2>.name() == "max_pool2d<2>");
static_assert(max_pool2d<3, stride<2>>.name() == "max_pool2d<3,stride<2>>");
static_assert(relu.name() == "relu" && identity.name() == "identity");
static_assert(hard_swish.name() == "hard_swish" && swish.name() == "silu");
static_assert(leaky_relu.name() == "leaky_relu" && leaky_relu_with<0.2>.name() == "leaky_relu_with<0.2>");
static_assert(hard_tanh_with<-1, 6>.name() == "hard_tanh_with<-1,6>");
static_assert(softplus_with<0.5>.name() == "softplus_with<0.5,20>");
static_assert(elu_with<1e-7>.name() == "elu_with<1e-07>" && elu_with<123456.5>.name() == "elu_with<123456.5>");
static_assert(flatten.name() == "flatten");

// The order of options does not matter, and a default said aloud is the default.
template <class A, class B>
constexpr bool same(A, B) {
  return std::is_same_v<A, B>;
}
static_assert(same(conv2d<6, 5, stride<2>, padding<1>>, conv2d<6, 5, padding<1>, stride<2>>));
static_assert(same(conv2d<6, 5, stride<1>, padding<0>>, conv2d<6, 5>));
static_assert(!same(conv2d<6, 5, direct>, conv2d<6, 5>));
static_assert(same(conv2d<6, kernel<5>>, conv2d<6, 5>));
static_assert(same(conv2d<6, kernel<5, 5>, dilation<1>>, conv2d<6, 5>));
static_assert(!same(conv2d<6, kernel<3, 5>>, conv2d<6, kernel<5, 3>>));
static_assert(same(max_pool2d<kernel<2>>, max_pool2d<2>));
static_assert(same(max_pool2d<kernel<2, 3>, stride<2, 3>>, max_pool2d<kernel<2, 3>>));
static_assert(same(max_pool2d<2, stride<2>>, max_pool2d<2>));
static_assert(!same(max_pool2d<2, stride<1>>, max_pool2d<2>));

// Shapes.
constexpr auto image_in = shape<3, 32, 32>;
static_assert(conv2d<6, 5>.output(image_in) == shape<6, 28, 28>);
static_assert(conv2d<6, 3, stride<2>>.output(image_in) == shape<6, 15, 15>);
static_assert(conv2d<6, 3, padding<1>>.output(image_in) == shape<6, 32, 32>);
static_assert(conv2d<6, 3, stride<2>, padding<1>>.output(shape<3, 11, 9>) == shape<6, 6, 5>);
static_assert(conv2d<1, 3, padding<3>>.output(shape<1, 1, 2>) == shape<1, 5, 6>);
static_assert(conv2d<6, kernel<3, 5>>.output(image_in) == shape<6, 30, 28>);
static_assert(conv2d<6, kernel<3, 1>, stride<2, 3>, padding<1, 0>>.output(image_in) ==
              shape<6, 16, 11>);
static_assert(conv2d<6, 3, dilation<2>>.output(image_in) == shape<6, 28, 28>);
static_assert(conv2d<6, 3, dilation<2>, padding<2>>.output(image_in) == shape<6, 32, 32>);
static_assert(conv2d<6, 3, padding<"same">>.name() == "conv2d<6,3,padding<1>>");
static_assert(conv2d<6, kernel<3, 5>, padding<"same">, dilation<2, 1>>.name() ==
              "conv2d<6,kernel<3,5>,padding<2>,dilation<2,1>>");
static_assert(conv2d<6, kernel<1, 7>, padding<"same", 0>>.output(image_in) == shape<6, 32, 26>);
static_assert(conv2d<6, kernel<1, 7>, padding<0, "same">>.output(image_in) == shape<6, 32, 32>);
static_assert(conv2d<6, kernel<2, 3>, dilation<4, 5>, stride<3, 1>>.output(shape<1, 11, 12>) ==
              shape<6, 3, 2>);
static_assert(conv2d<6, 1, dilation<9>>.output(shape<1, 1, 1>) ==
              shape<6, 1, 1>);  // one tap, no gap
static_assert(max_pool2d<kernel<2, 3>>.output(shape<6, 7, 10>) == shape<6, 3, 3>);
static_assert(max_pool2d<kernel<2, 3>, stride<1, 4>>.output(shape<6, 7, 11>) == shape<6, 6, 3>);
static_assert(max_pool2d<2>.output(shape<6, 28, 27>) == shape<6, 14, 13>);
static_assert(max_pool2d<3, stride<2>>.output(shape<6, 9, 8>) == shape<6, 4, 3>);
static_assert(max_pool2d<2, stride<1>>.output(shape<6, 5, 5>) == shape<6, 4, 4>);
static_assert(flatten.output(shape<16, 5, 5>) == shape<400>);
static_assert(flatten.output(shape<400>) == shape<400>);
static_assert(linear<120>.output(shape<400>) == shape<120>);
static_assert(relu.output(shape<6, 28, 28>) == shape<6, 28, 28>);
static_assert(mish.output(shape<10>) == shape<10>);

// A convolution's geometry is what kernels take.
constexpr convolution g = conv2d<6, 3, stride<2>, padding<1>>.geometry(shape<3, 11, 9>);
static_assert(g.in.channels == 3 && g.in.height == 11 && g.in.width == 9);
static_assert(g.out.channels == 6 && g.out.height == 6 && g.out.width == 5);
static_assert(g.kernel == 3 && g.stride == 2 && g.padding == 1 && !g.direct);
static_assert(conv2d<6, 3, direct>.geometry(shape<3, 11, 9>).direct);
constexpr convolution wide =
    conv2d<6, kernel<2, 5>, stride<1, 2>, padding<0, 3>, dilation<3, 1>>.geometry(shape<4, 11, 9>);
static_assert(wide.kernel == grid(2, 5) && wide.stride == grid(1, 2) && wide.padding == grid(0, 3));
static_assert(wide.dilation == grid(3, 1) && wide.out.height == 8 && wide.out.width == 6);
static_assert(wide.weight_count() == 6 * 4 * 2 * 5 && wide.row_depth() == 20);
static_assert(linear<10>.geometry(shape<80>).weight_count() == 800);
static_assert(max_pool2d<3, stride<2>>.window(shape<6, 9, 8>).stride == 2);

// Layers accept what fits exactly.
static_assert(conv2d<1, 5>.objection(shape<1, 5, 5>).none());
static_assert(conv2d<1, 7, padding<1>>.objection(shape<1, 5, 5>).none());
static_assert(max_pool2d<15>.objection(shape<1, 15, 15>).none());
static_assert(conv2d<1, kernel<2, 5>>.objection(shape<1, 2, 5>).none());
static_assert(conv2d<1, 3, dilation<2>>.objection(shape<1, 5, 5>).none());
static_assert(
    conv2d<1, kernel<3, 1>, dilation<2, 9>, padding<1, 0>>.objection(shape<1, 3, 1>).none());
static_assert(max_pool2d<kernel<1, 225>>.objection(shape<1, 1, 225>).none());
static_assert(max_pool2d<1>.objection(shape<1, 1, 1>).none());
static_assert(linear<1>.objection(shape<1>).none());
static_assert(softshrink_with<0>.objection(shape<7>).none() && !softshrink_with<-1>.objection(shape<7>).none());
static_assert(!elu_with<std::numeric_limits<double>::quiet_NaN()>.objection(shape<7>).none());
static_assert(relu.objection(shape<7>).none() && relu.objection(shape<3, 4, 5>).none());
static_assert(flatten.objection(shape<7>).none());

// And say why they refuse: what they expect, what to do, and whose fault it is.
static_assert(linear<120>.objection(shape<16, 5, 5>).expects == "expects a flat input");
static_assert(linear<120>.objection(shape<16, 5, 5>).remedy == "insert flatten before it");
static_assert(!linear<120>.objection(shape<16, 5, 5>).argument);
static_assert(linear<0>.objection(shape<4>).argument);
static_assert(conv2d<6, 5>.objection(shape<400>).expects ==
              "expects an image (channels x height x width)");
static_assert(conv2d<6, 5>.objection(shape<3, 4, 9>).expects ==
              "expects an image of at least 5x5 pixels");
static_assert(conv2d<6, 5, padding<1>>.objection(shape<3, 9, 2>).expects ==
              "expects an image of at least 3x3 pixels");
static_assert(conv2d<6, kernel<3, 5>>.objection(shape<3, 2, 9>).expects ==
              "expects an image of at least 3x5 pixels");
static_assert(conv2d<6, kernel<3, 5>, padding<1, 0>>.objection(shape<3, 9, 4>).expects ==
              "expects an image of at least 1x5 pixels");
static_assert(conv2d<6, 3, dilation<3>, padding<1>>.objection(shape<3, 4, 9>).expects ==
              "expects an image of at least 5x5 pixels");
static_assert(conv2d<6, 3, dilation<3>, padding<1>>.objection(shape<3, 4, 9>).remedy ==
              "use a smaller kernel or dilation, padding<...> or fewer poolings");
static_assert(conv2d<6, kernel<0, 3>>.objection(image_in).argument);
static_assert(conv2d<6, kernel<3, 0>>.objection(image_in).argument);
static_assert(conv2d<6, -3>.objection(image_in).expects == "needs a kernel of at least one pixel");
static_assert(conv2d<6, stride<2>>.objection(image_in).expects ==
              "needs a kernel of at least one pixel");
static_assert(conv2d<6, 5, stride<1, 0>>.objection(image_in).argument);
static_assert(conv2d<6, 5, dilation<0>>.objection(image_in).expects ==
              "needs a dilation of at least one pixel");
static_assert(conv2d<6, 5, dilation<2, 0>>.objection(image_in).argument);
static_assert(conv2d<0, 5>.objection(image_in).argument);
static_assert(conv2d<6, 0>.objection(image_in).argument);
static_assert(conv2d<6, 5, stride<0>>.objection(image_in).argument);
static_assert(max_pool2d<2>.objection(shape<400>).expects ==
              "expects an image (channels x height x width)");
static_assert(max_pool2d<2>.objection(shape<3, 1, 9>).expects ==
              "expects an image of at least 2x2 pixels");
static_assert(max_pool2d<2>.objection(shape<3, 9, 1>).expects ==
              "expects an image of at least 2x2 pixels");
static_assert(max_pool2d<kernel<2, 3>>.objection(shape<3, 9, 2>).expects ==
              "expects an image of at least 2x3 pixels");
static_assert(max_pool2d<kernel<2, 0>>.objection(image_in).argument);
static_assert(
    max_pool2d<kernel<1, 226>>.objection(shape<1, 1, 300>).expects ==
    "needs a window of at most 225 pixels, since a byte holds the position of the winner");
static_assert(
    max_pool2d<kernel<(std::size_t{1} << 32), (std::size_t{1} << 32)>>.objection(image_in).argument);
static_assert(max_pool2d<2, stride<0, 1>>.objection(image_in).argument);
static_assert(max_pool2d<0>.objection(image_in).argument);
static_assert(max_pool2d<16>.objection(image_in).argument);
static_assert(max_pool2d<2, stride<0>>.objection(image_in).argument);

// Options that a layer does not take are refused wherever it stands, not ignored.
struct other_option {
  std::size_t value;
};
static_assert(conv2d<6, 5, other_option{1}>.objection(image_in).argument);
static_assert(conv2d<6, 5, 1>.objection(image_in).argument);
static_assert(conv2d<6, 5, stride<1>, stride<1>>.objection(image_in).argument);
static_assert(max_pool2d<2, padding<1>>.objection(image_in).argument);
static_assert(max_pool2d<2, dilation<2>>.objection(image_in).argument);
static_assert(conv2d<6, 5, dilation<2>, dilation<2>>.objection(image_in).argument);
static_assert(conv2d<6, 5, kernel<5>>.objection(image_in).argument);
static_assert(
    conv2d<6, 5, 1>.objection(image_in).expects ==
    "takes only stride<...>, padding<...>, dilation<...> and direct as options, each once");

static_assert(dropout<0.5>.name() == "dropout<0.5>" && dropout<0>.name() == "dropout<0>");
static_assert(dropout<0.5>.output(shape<3, 9, 2>) == shape<3, 9, 2>);
static_assert(dropout<0.5>.output(shape<7>) == shape<7>);
static_assert(dropout<0>.objection(shape<7>).none() && dropout<1>.objection(shape<7>).none());
static_assert(dropout<-0.1>.objection(shape<7>).argument && dropout<1.5>.objection(shape<7>).argument);
static_assert(dropout<std::numeric_limits<double>::quiet_NaN()>.objection(shape<7>).argument);
