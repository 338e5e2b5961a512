// SPDX-License-Identifier: MIT
// oneDNN, versions 2 and 3: convolutions and linear layers in the layouts it chooses itself.
#include "peers.hpp"

#ifdef TESELA_BENCH_ONEDNN

#include <dnnl.hpp>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

namespace bench::onednn {

namespace {

using tag = dnnl::memory::format_tag;
using descriptor = dnnl::memory::desc;

const dnnl::engine& engine() {
  static const dnnl::engine one(dnnl::engine::kind::cpu, 0);
  return one;
}

descriptor any(const dnnl::memory::dims& dims) {
  return {dims, dnnl::memory::data_type::f32, tag::any};
}
descriptor plain(const dnnl::memory::dims& dims, tag layout) {
  return {dims, dnnl::memory::data_type::f32, layout};
}

// Version 2 describes an operation first, version 3 takes the same arguments at once.
template <class Primitive, class... Arguments>
auto make(const Arguments&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine(), arguments...);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), engine());
#endif
}
template <class Primitive, class Forward, class... Arguments>
auto make_backward(const Forward& forward, const Arguments&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine(), arguments..., forward);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), engine(), forward);
#endif
}

dnnl::memory filled(const descriptor& of) {
  dnnl::memory memory(of, engine());
  auto* values = static_cast<float*>(memory.get_data_handle());
  std::fill(values, values + of.get_size() / sizeof(float), 0.125f);
  return memory;
}

using arguments = std::unordered_map<int, dnnl::memory>;

contestant ready(std::string name, const dnnl::primitive& work, arguments with, std::string note) {
  use_threads(1);
  const auto stream = std::make_shared<dnnl::stream>(engine());
  work.execute(*stream, with);
  stream->wait();
  return local(
      std::move(name),
      [work, with, stream] {
        work.execute(*stream, with);
        stream->wait();
      },
      std::move(note));
}

dnnl::memory::dim size(std::size_t value) { return static_cast<dnnl::memory::dim>(value); }

}  // namespace

std::string absence() { return {}; }

std::vector<contestant> convolution(const tesela::convolution& g, std::size_t batch, product p,
                                    bool winograd) try {
  use_threads(1);
  const auto kind =
      winograd ? dnnl::algorithm::convolution_winograd : dnnl::algorithm::convolution_direct;
  const char* name = winograd ? "oneDNN Winograd" : "oneDNN direct";
  const descriptor x = any({size(batch), size(g.in.channels), size(g.in.height), size(g.in.width)});
  const descriptor y =
      any({size(batch), size(g.out.channels), size(g.out.height), size(g.out.width)});
  const descriptor w =
      any({size(g.out.channels), size(g.in.channels), size(g.kernel.rows), size(g.kernel.columns)});
  const descriptor b = plain({size(g.out.channels)}, tag::a);
  const dnnl::memory::dims stride{size(g.stride.rows), size(g.stride.columns)};
  const dnnl::memory::dims padding{size(g.padding.rows), size(g.padding.columns)};

  const auto forward = make<dnnl::convolution_forward>(dnnl::prop_kind::forward_training, kind, x,
                                                       w, b, y, stride, padding, padding);
  if (p == product::forward) {
    return {ready(name, dnnl::convolution_forward(forward),
                  {{DNNL_ARG_SRC, filled(forward.src_desc())},
                   {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())},
                   {DNNL_ARG_BIAS, filled(forward.bias_desc())},
                   {DNNL_ARG_DST, filled(forward.dst_desc())}},
                  forward.impl_info_str())};
  }
  if (p == product::data_gradient) {
    const auto data = make_backward<dnnl::convolution_backward_data>(forward, kind, x, w, y, stride,
                                                                     padding, padding);
    return {ready(name, dnnl::convolution_backward_data(data),
                  {{DNNL_ARG_DIFF_DST, filled(data.diff_dst_desc())},
                   {DNNL_ARG_WEIGHTS, filled(data.weights_desc())},
                   {DNNL_ARG_DIFF_SRC, filled(data.diff_src_desc())}},
                  data.impl_info_str())};
  }
  const auto weights = make_backward<dnnl::convolution_backward_weights>(
      forward, kind, x, w, b, y, stride, padding, padding);
  return {ready(name, dnnl::convolution_backward_weights(weights),
                {{DNNL_ARG_SRC, filled(weights.src_desc())},
                 {DNNL_ARG_DIFF_DST, filled(weights.diff_dst_desc())},
                 {DNNL_ARG_DIFF_WEIGHTS, filled(weights.diff_weights_desc())},
                 {DNNL_ARG_DIFF_BIAS, filled(weights.diff_bias_desc())}},
                weights.impl_info_str())};
} catch (const dnnl::error&) {
  return {};  // this machine or version has no such algorithm
}

namespace {

contestant inner_product(const linear_shape& shape, product p) {
  const descriptor x = any({size(shape.batch), size(shape.in)});
  const descriptor y = any({size(shape.batch), size(shape.out)});
  const descriptor w = any({size(shape.out), size(shape.in)});
  const descriptor b = plain({size(shape.out)}, tag::a);
  const char* name = "oneDNN inner product";
  const auto forward =
      make<dnnl::inner_product_forward>(dnnl::prop_kind::forward_training, x, w, b, y);
  if (p == product::forward) {
    return ready(name, dnnl::inner_product_forward(forward),
                 {{DNNL_ARG_SRC, filled(forward.src_desc())},
                  {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())},
                  {DNNL_ARG_BIAS, filled(forward.bias_desc())},
                  {DNNL_ARG_DST, filled(forward.dst_desc())}},
                 forward.impl_info_str());
  }
  if (p == product::data_gradient) {
    const auto data = make_backward<dnnl::inner_product_backward_data>(forward, x, w, y);
    return ready(name, dnnl::inner_product_backward_data(data),
                 {{DNNL_ARG_DIFF_DST, filled(data.diff_dst_desc())},
                  {DNNL_ARG_WEIGHTS, filled(data.weights_desc())},
                  {DNNL_ARG_DIFF_SRC, filled(data.diff_src_desc())}},
                 data.impl_info_str());
  }
  const auto weights = make_backward<dnnl::inner_product_backward_weights>(forward, x, w, b, y);
  return ready(name, dnnl::inner_product_backward_weights(weights),
               {{DNNL_ARG_SRC, filled(weights.src_desc())},
                {DNNL_ARG_DIFF_DST, filled(weights.diff_dst_desc())},
                {DNNL_ARG_DIFF_WEIGHTS, filled(weights.diff_weights_desc())},
                {DNNL_ARG_DIFF_BIAS, filled(weights.diff_bias_desc())}},
               weights.impl_info_str());
}

// C = A B. Activations are row-major; what plays the weights' part may be packed beforehand.
contestant matmul(const linear_shape& shape, product p) {
  const auto batch = size(shape.batch), in = size(shape.in), out = size(shape.out);
  descriptor a = plain({batch, in}, tag::ab), b = any({in, out}), c = plain({batch, out}, tag::ab);
  if (p == product::data_gradient) {  // dX = dY W
    a = plain({batch, out}, tag::ab);
    b = any({out, in});
    c = plain({batch, in}, tag::ab);
  } else if (p == product::weight_gradient) {  // dW = dY^T X
    a = plain({out, batch}, tag::ba);
    b = plain({batch, in}, tag::ab);
    c = plain({out, in}, tag::ab);
  }
  const auto work = make<dnnl::matmul>(a, b, c);
  return ready("oneDNN matmul", dnnl::matmul(work),
               {{DNNL_ARG_SRC, filled(work.src_desc())},
                {DNNL_ARG_WEIGHTS, filled(work.weights_desc())},
                {DNNL_ARG_DST, filled(work.dst_desc())}},
               work.impl_info_str());
}

}  // namespace

std::vector<contestant> linear(const linear_shape& shape, product p) {
  use_threads(1);
  return {matmul(shape, p), inner_product(shape, p)};
}

}  // namespace bench::onednn

#else

namespace bench::onednn {

std::string absence() { return "oneDNN: not installed"; }
std::vector<contestant> convolution(const tesela::convolution&, std::size_t, product, bool) {
  return {};
}
std::vector<contestant> linear(const linear_shape&, product) { return {}; }

}  // namespace bench::onednn

#endif
