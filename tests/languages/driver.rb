# frozen_string_literal: true

# Runs calls of the example for Ruby: each line of standard input is a call, and each line of standard output its answer.
require ENV.fetch('EXAMPLE')

def call(operation, api_key, secret_key, *inputs)
  signer = KayakoSigner.new(api_key, secret_key)
  signer.public_send(operation, *inputs).to_s
ensure
  signer&.close
end

$stdin.each_line(chomp: true) do |line|
  operation, *values = line.split("\t", -1)
  status, answer =
    begin
      [0, call(operation, *values.map { |value| [value].pack('H*') })]
    rescue KayakoSigner::Error => e
      [e.status, e.message]
    end
  puts "#{status}\t#{answer.unpack1('H*')}"
end
